#!/usr/bin/env bash
#
# Renders the package's icon. It needs rsvg-convert (Debian: librsvg2-bin), and is run when the drawing changes.

set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
rsvg-convert --width 128 --height 128 --output icon.png icon.svg
