/** The Inception family: GoogLeNet and Inception-v3. */
package org.bellows.models.inception;
