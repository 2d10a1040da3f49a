/** Trees of image files: split/class/*.jpg or class/*.jpg. */
package org.bellows.data.prepare.source.tree;
