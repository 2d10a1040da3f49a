/** What is compared with what: studies, as files. Nothing here runs anything. */
package org.bellows.conf.study;
