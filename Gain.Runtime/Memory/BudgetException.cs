namespace Gain.Memory;

/// <summary>
/// The server holds as many bytes for its connections as it may, or the system has none. Thrown where no
/// caller could be told otherwise; it closes the connection that wanted more, with <see cref="Reason"/>.
/// </summary>
internal sealed class BudgetException : OutOfMemoryException
{
    private BudgetException(CloseReason reason, string message)
        : base(message) => Reason = reason;

    /// <summary>Why the connection is closed.</summary>
    public CloseReason Reason { get; }

    /// <summary>The budget has no more.</summary>
    public static BudgetException ForBudget(CloseReason reason, long wantedBytes, MemoryBudget budget) => new(
        reason,
        $"A connection needs {wantedBytes:N0} more bytes of memory, but {budget.ReservedBytes:N0} of the "
        + $"{budget.LimitBytes:N0} that GainOptions.Limits.MaxBufferedBytes allows are taken.");

    /// <summary>The budget has more, but the system has not.</summary>
    public static BudgetException ForSystem(CloseReason reason, long wantedBytes, MemoryBudget budget) => new(
        reason,
        $"A connection needs {wantedBytes:N0} more bytes of memory, and the system has none, though "
        + $"{budget.ReservedBytes:N0} of the {budget.LimitBytes:N0} that GainOptions.Limits.MaxBufferedBytes "
        + "allows are taken: lower that, or raise the limit of the container or `ulimit -v`.");
}
