"""Distils a style teacher into the small pair of the page; `--help` and training/style/distil.py say how.

python distill/run.py
"""

from training.style.distil import main

if __name__ == "__main__":
    main()
