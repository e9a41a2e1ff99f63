/**
 * Names and settings of losses, optimizers, layers and the like, in JSON and on the command line. Start with {@link
 * dev.backdraft.json.Catalog}. Depends on no other package of ours.
 */
package dev.backdraft.json;
