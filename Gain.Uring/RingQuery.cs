namespace Gain.Uring;

/// <summary>What the kernel has of io_uring, from <see cref="Ring.TryQuery"/>.</summary>
public readonly record struct RingQuery
{
    /// <summary>Makes one of its parts.</summary>
    /// <param name="operationCount">The number of operations: those below it exist.</param>
    /// <param name="registrationCount">The number of kinds of registration.</param>
    /// <param name="features">The features of its rings.</param>
    /// <param name="setupFlags">The flags that a ring can be made with.</param>
    /// <param name="enterFlags">The flags of io_uring_enter(2).</param>
    /// <param name="submissionFlags">The flags of submissions.</param>
    /// <param name="queryCount">The number of kinds of query.</param>
    public RingQuery(
        uint operationCount,
        uint registrationCount,
        RingFeatures features,
        RingSetupFlags setupFlags,
        uint enterFlags,
        SubmissionFlags submissionFlags,
        uint queryCount)
    {
        OperationCount = operationCount;
        RegistrationCount = registrationCount;
        Features = features;
        SetupFlags = setupFlags;
        EnterFlags = enterFlags;
        SubmissionFlags = submissionFlags;
        QueryCount = queryCount;
    }

    /// <summary>The number of operations: those below it exist.</summary>
    public uint OperationCount { get; init; }

    /// <summary>The number of kinds of registration.</summary>
    public uint RegistrationCount { get; init; }

    /// <summary>The features of its rings.</summary>
    public RingFeatures Features { get; init; }

    /// <summary>The flags that a ring can be made with.</summary>
    public RingSetupFlags SetupFlags { get; init; }

    /// <summary>The flags of io_uring_enter(2).</summary>
    public uint EnterFlags { get; init; }

    /// <summary>The flags of submissions.</summary>
    public SubmissionFlags SubmissionFlags { get; init; }

    /// <summary>The number of kinds of query.</summary>
    public uint QueryCount { get; init; }
}
