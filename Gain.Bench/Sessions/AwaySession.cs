namespace Gain.Bench.Sessions;

/// <summary>An echo that awaits another thread for each message, as one that asks a database does.</summary>
[GainProtocol]
internal partial struct AwaySession
{
    private const int MostBytes = 65_536;

    [AllowAllocation("Once for each connection, and what Task.Run costs is measured.")]
    private static async Session OnSession(SessionContext s)
    {
        // What was received is lent until the next await only.
        byte[] kept = new byte[MostBytes];
        while (await s.Read())
        {
            int length = Math.Min(s.Data.Length, kept.Length);
            s.Data[..length].CopyTo(kept);
            s.Consume(length);
            await Task.Run(static () => { });
            s.Send(kept.AsSpan(0, length));
        }
    }
}
