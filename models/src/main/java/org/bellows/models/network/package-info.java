/**
 * What a network is ({@link org.bellows.models.network.NetworkDefinition}), which there are ({@link
 * org.bellows.models.network.NetworkRegistry}) and how its parameters lie in one flat vector
 * ({@link org.bellows.models.network.FlatLayout}). The families themselves have a folder each
 * beside this.
 */
package org.bellows.models.network;
