package org.bellows.data.prepare.source;

import java.io.Closeable;
import java.io.IOException;

/** The rows of a manifest in order. To be closed. */
interface ManifestRows extends Closeable {
  /** The next row, or null at the end. */
  ManifestRow next() throws IOException;
}
