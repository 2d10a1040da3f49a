/**
 * What training minimises where it is more than the cross-entropy that networks come with: weights
 * of classes, and a teacher's answers.
 */
package org.bellows.models.loss;
