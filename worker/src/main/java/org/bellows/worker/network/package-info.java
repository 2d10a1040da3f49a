/** One lane's network: DL4J's graph behind flat float vectors. */
package org.bellows.worker.network;
