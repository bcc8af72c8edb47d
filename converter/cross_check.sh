#!/usr/bin/env bash
# Compares two ways of conversion, onnx2tf and onnx-tf (cross_check.py):  bash converter/cross_check.sh [RUN]
# onnx-tf needs other versions than the rest, so it gets an environment of its own, .venv-cross, made at first use.
set -euo pipefail
run=${1:+$(realpath -m "$1")}
cd "$(dirname "$0")/.."

requirements=converter/cross_requirements.txt
[ -x .venv-train/bin/python ] || make .venv-train/ready
make web/node_modules/.package-lock.json
if ! cmp --silent "$requirements" .venv-cross/made-from; then
  echo 'setting up .venv-cross (about 2 GB)'
  .venv-train/bin/python -m venv --clear .venv-cross
  .venv-cross/bin/python -m pip install --quiet --disable-pip-version-check -r "$requirements"
  cp "$requirements" .venv-cross/made-from
fi
.venv-train/bin/python converter/cross_check.py ${run:+"$run"}
