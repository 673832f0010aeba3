using Gain.Cli;

namespace Gain.Bench.Sessions;

/// <summary>The same by a helper that waits, once for each request.</summary>
[GainProtocol]
[Delimited("\r\n\r\n", MaxFrameLength = 16_384)]
internal partial struct HttpHelper(PlaintextResponse[] responses)
{
    private readonly PlaintextResponse[] Responses => responses;

    private static async Session OnSession(SessionContext s)
    {
        PlaintextResponse response = s.Handler<HttpHelper>().Responses[s.Connection.WorkerIndex];
        while (await AnswerOnce(s, response))
        {
        }
    }

    private static async Part<bool> AnswerOnce(SessionContext s, PlaintextResponse response)
    {
        if (!await s.Frame())
        {
            return false;
        }

        s.Send(response.At(s.Connection.NowMs));
        return true;
    }
}
