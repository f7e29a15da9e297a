/// What a cache has for a key: a value, or the error that making one ended with.
package enum CacheContent: Sendable {
    case value(any Sendable)
    case failure(any Error)
}
