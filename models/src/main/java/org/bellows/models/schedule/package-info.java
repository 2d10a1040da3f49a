/** The learning rate as a pure function of the step. */
package org.bellows.models.schedule;
