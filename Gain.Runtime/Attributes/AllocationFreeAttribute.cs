namespace Gain;

/// <summary>
/// Promises that a call allocates nothing on the managed heap. The analyzers check the marked member and
/// everything that it calls, as they check a protocol's callbacks. They trust the promise of a referenced
/// assembly.
/// </summary>
/// <remarks>
/// Exceptions are exempt, because a throw is not part of the hot path. One-time allocations, such as a cached
/// delegate or a type's static fields, are exempt too.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property)]
public sealed class AllocationFreeAttribute : Attribute;
