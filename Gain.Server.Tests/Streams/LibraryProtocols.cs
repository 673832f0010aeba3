using StreamJsonRpc;

namespace Gain.Tests.Server.Streams;

/// <summary>What the server of the calls can do.</summary>
public interface ICalculator
{
    Task<int> AddAsync(int left, int right);

    Task<string> EchoAsync(string text);

    Task<int> CountDownAsync(int from);

    Task<int> FailAsync(string message);
}

/// <summary>What the client can do, which the server calls while it is called.</summary>
public interface IListener
{
    Task<bool> HearAsync(int number);
}

internal sealed class Calculator(IListener listener) : ICalculator
{
    public Task<int> AddAsync(int left, int right) => Task.FromResult(left + right);

    public Task<string> EchoAsync(string text) => Task.FromResult(text);

    public async Task<int> CountDownAsync(int from)
    {
        int heard = 0;
        for (; from > 0; from--)
        {
            heard += await listener.HearAsync(from) ? 1 : 0;
        }

        return heard;
    }

    public Task<int> FailAsync(string message) => throw new InvalidOperationException(message);
}

internal sealed class Listener : IListener
{
    private int _sum;

    public int Sum => Volatile.Read(ref _sum);

    public Task<bool> HearAsync(int number)
    {
        Interlocked.Add(ref _sum, number);
        return Task.FromResult(true);
    }
}

/// <summary>Serves calls in both directions over the pipes of its connection, until its peer goes.</summary>
[GainProtocol]
internal partial struct RpcServer(Journal journal)
{
    private readonly Journal Journal => journal;

    private static async Session OnSession(SessionContext s)
    {
        Journal journal = s.Handler<RpcServer>().Journal;
        using var rpc = new JsonRpc(
            new HeaderDelimitedMessageHandler(s.AsDuplexPipe(), new SystemTextJsonFormatter()));
#pragma warning disable StreamJsonRpc0003 // Most programs have proxies that are made at run time.
        rpc.AddLocalRpcTarget<ICalculator>(new Calculator(rpc.Attach<IListener>()), null);
#pragma warning restore StreamJsonRpc0003
        rpc.StartListening();
        await rpc.Completion;
        journal.Add("completed");
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"close {reason} {connection.Fault?.Message}");
}
