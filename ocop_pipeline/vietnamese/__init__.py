"""Reading what people write in Vietnamese: names, numbers, dates, periods. Pure functions, no pandas, no files."""
