/** The LeNet family. */
package org.bellows.models.lenet;
