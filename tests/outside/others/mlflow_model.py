"""A model of scikit-learn's as mlflow saves it into FOLDER, for `mlflow models serve -m FOLDER`."""

from __future__ import annotations

import sys

import mlflow.sklearn
from sklearn.linear_model import LinearRegression

if __name__ == "__main__":
    model = LinearRegression().fit([[0.0], [1.0], [2.0]], [1.0, 3.0, 5.0])
    mlflow.sklearn.save_model(model, sys.argv[1])
