namespace Gain.Uring;

/// <summary>What the kernel has of io_uring, from <see cref="Ring.TryQuery"/>.</summary>
/// <param name="OperationCount">The number of operations: those below it exist.</param>
/// <param name="RegistrationCount">The number of kinds of registration.</param>
/// <param name="Features">The features of its rings.</param>
/// <param name="SetupFlags">The flags that a ring can be made with.</param>
/// <param name="EnterFlags">The flags of io_uring_enter(2).</param>
/// <param name="SubmissionFlags">The flags of submissions.</param>
/// <param name="QueryCount">The number of kinds of query.</param>
public readonly record struct RingQuery(
    uint OperationCount,
    uint RegistrationCount,
    RingFeatures Features,
    RingSetupFlags SetupFlags,
    uint EnterFlags,
    SubmissionFlags SubmissionFlags,
    uint QueryCount);
