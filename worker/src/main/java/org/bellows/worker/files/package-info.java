/** File formats of a run: float arrays, JSON, folders whose manifest vouches for them. */
package org.bellows.worker.files;
