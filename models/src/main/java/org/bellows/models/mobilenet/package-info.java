/** The MobileNet families. */
package org.bellows.models.mobilenet;
