namespace Gain.Testing.Rings;

/// <summary>What the worker has prepared, and the kernel takes when it is entered.</summary>
/// <param name="Operation">An operation; null for a cancellation.</param>
/// <param name="UserData">A cancellation's user_data.</param>
/// <param name="Target">What it cancels.</param>
internal readonly record struct Preparation(TestOperation? Operation, ulong UserData, ulong Target);
