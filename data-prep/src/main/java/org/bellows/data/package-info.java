/**
 * The dataset, from raw files to float batches. Each sub-package is one capability; Spark is
 * imported in {@code org.bellows.data.prepare} only.
 */
package org.bellows.data;
