/** One class under a name that DL4J looks for; nothing else may live here. */
package org.nd4j.nativeblas;
