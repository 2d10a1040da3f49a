/**
 * One lane's network behind flat float vectors, on oneDNN or in DL4J's graph. Nothing else may know
 * which of them it is.
 */
package org.bellows.worker.network;
