/** Network in Network. */
package org.bellows.models.nin;
