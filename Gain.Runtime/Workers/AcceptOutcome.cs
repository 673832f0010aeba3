namespace Gain.Workers;

/// <summary>What an accept has come to.</summary>
internal enum AcceptOutcome
{
    /// <summary>It was cancelled, or the server stops.</summary>
    Nothing,

    /// <summary>There is a connection to take in.</summary>
    Accepted,

    /// <summary>There is one, sooner than the rate allows: it waits for its moment.</summary>
    Early,

    /// <summary>The one connection had failed before it was taken.</summary>
    Lost,

    /// <summary>It failed as the next would: nothing is accepted for a while.</summary>
    Failed,

    /// <summary>The same, again.</summary>
    FailedAgain,
}
