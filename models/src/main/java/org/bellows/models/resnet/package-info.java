/** The residual networks. */
package org.bellows.models.resnet;
