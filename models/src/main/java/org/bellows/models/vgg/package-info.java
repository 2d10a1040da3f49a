/** The VGG family. */
package org.bellows.models.vgg;
