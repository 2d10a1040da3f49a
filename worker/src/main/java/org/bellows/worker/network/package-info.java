/**
 * One lane's network behind flat float vectors, whatever engine computes it: nothing here or above
 * may know which one that is.
 */
package org.bellows.worker.network;
