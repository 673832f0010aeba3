using System.Text;

namespace Gain.Tests.Testing;

/// <summary>A session that awaits what is not the connection's: a task of the test's, or offloaded
/// work.</summary>
[GainProtocol]
internal partial struct Waiting(Func<Task<string>> answer)
{
    private readonly Func<Task<string>> Answer => answer;

    private static async Session OnSession(SessionContext s)
    {
        while (await s.Read())
        {
            bool isWork = s.Data[0] == (byte)'w';
            bool isThrow = s.Data[0] == (byte)'!';
            s.Consume(s.Data.Length);
            if (isThrow)
            {
                throw new InvalidDataException("as asked");
            }

            string text = isWork
                ? (await s.Offload(() => Environment.CurrentManagedThreadId)).TryGet(out int thread)
                    ? $"on {thread}"
                    : "busy"
                : await s.Handler<Waiting>().Answer();
            s.Send(Encoding.ASCII.GetBytes(text));
        }
    }
}
