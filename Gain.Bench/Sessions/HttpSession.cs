using Gain.Cli;

namespace Gain.Bench.Sessions;

/// <summary>Answers requests as <see cref="HttpHandler"/> does, in a session.</summary>
[GainProtocol]
[Delimited("\r\n\r\n", MaxFrameLength = 16_384)]
internal partial struct HttpSession(PlaintextResponse[] responses)
{
    private readonly PlaintextResponse[] Responses => responses;

    private static async Session OnSession(SessionContext s)
    {
        PlaintextResponse response = s.Handler<HttpSession>().Responses[s.Connection.WorkerIndex];
        while (await s.Frame())
        {
            s.Send(response.At(s.Connection.NowMs));
        }
    }
}
