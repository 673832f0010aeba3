namespace Gain;

/// <summary>
/// Promises that a call allocates nothing on the managed heap. The analyzers hold the marked member to it,
/// and everything that it calls, as they do with a protocol's callbacks; and they believe the promise of a
/// referenced assembly.
/// </summary>
/// <remarks>
/// What is thrown is exempt: an exception is no part of the path that must be fast. A one-time allocation,
/// such as that of a cached delegate or of a type's static fields, is none either.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property)]
public sealed class AllocationFreeAttribute : Attribute;
