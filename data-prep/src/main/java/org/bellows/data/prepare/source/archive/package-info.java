/** Tar archives, and ILSVRC2012, which is handed out as such. Nothing in an archive is trusted. */
package org.bellows.data.prepare.source.archive;
