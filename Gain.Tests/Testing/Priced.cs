using System.Text;

namespace Gain.Tests.Testing;

/// <summary>A session that sends the numbers that are posted to it, and says when it is told of the
/// stop.</summary>
[GainProtocol, SessionMessage<int>]
internal partial struct Priced
{
    private static async Session OnSession(SessionContext s)
    {
        await s.Delay(TimeSpan.FromSeconds(1));
        while (await s.Message<int>() is { } number)
        {
            s.Send(Encoding.ASCII.GetBytes($"{number}\n"));
        }

        s.Send("bye\n"u8);
    }
}
