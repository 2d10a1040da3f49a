/**
 * What a network is ({@link org.bellows.models.network.NetworkDefinition}), what it costs ({@link
 * org.bellows.models.network.NetworkCost}), where it can be cut ({@link
 * org.bellows.models.network.NetworkCut}), which loss it is given ({@link
 * org.bellows.models.network.Losses}) and how its parameters lie in one flat vector ({@link
 * org.bellows.models.network.FlatLayout}). The families have a package each, and the list of them
 * is in models.zoo: this package imports none of them.
 */
package org.bellows.models.network;
