"""`python -m bot` and the command `coalition-bot`."""

from bot.cli import main

if __name__ == "__main__":
    main()
