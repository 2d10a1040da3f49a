/** Native libraries: where they are unpacked, and what they turned out to be. */
package org.bellows.worker.natives;
