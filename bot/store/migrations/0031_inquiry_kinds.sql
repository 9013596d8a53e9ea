UPDATE press_inquiry SET kind = 'protected interview' WHERE kind NOT IN ('question', 'interview');
