/** The AlexNet family. */
package org.bellows.models.alexnet;
