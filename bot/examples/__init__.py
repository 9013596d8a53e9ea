"""Complete examples of other causes than the shipped one: data, for `coalition-bot new FOLDER --example NAME`."""
