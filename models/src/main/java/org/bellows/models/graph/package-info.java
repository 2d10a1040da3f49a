/**
 * What the network families are written with: {@link org.bellows.models.graph.GraphSketch} adds
 * layers to a DL4J graph in the words of the papers, and beside it stand the vertices that DL4J
 * does not have. No network lives here.
 */
package org.bellows.models.graph;
