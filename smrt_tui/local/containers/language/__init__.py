"""A small text model: word pieces, n-grams with back-off, sampling. It knows no request format and no clock."""
