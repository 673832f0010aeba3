namespace Gain.Connections;

/// <summary>
/// The server holds as many bytes for its connections as it may. Thrown where no caller could be told
/// otherwise; it closes the connection that wanted more, with <see cref="Reason"/>.
/// </summary>
internal sealed class BudgetException(CloseReason reason, long wantedBytes, MemoryBudget budget)
    : OutOfMemoryException(
        $"A connection needs {wantedBytes:N0} more bytes of memory, but {budget.ReservedBytes:N0} of the "
        + $"{budget.LimitBytes:N0} that GainOptions.MaxBufferedBytes allows are taken.")
{
    /// <summary>Why the connection is closed.</summary>
    public CloseReason Reason => reason;
}
