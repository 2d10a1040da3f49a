/** Models that were not trained here: how an import becomes a model with its card. */
package org.bellows.driver.model;
