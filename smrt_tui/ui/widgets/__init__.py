"""The pieces of the screen. Each takes values, posts messages, and knows neither its siblings nor the app."""
