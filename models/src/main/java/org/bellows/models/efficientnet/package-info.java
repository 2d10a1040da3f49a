/** The EfficientNet family. */
package org.bellows.models.efficientnet;
