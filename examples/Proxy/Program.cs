using Gain;
using Gain.Proxy;
using Gain.Proxy.Configuration;

const int UsageError = 2;

if (args is not [var path] || path.StartsWith('-'))
{
    Console.Error.WriteLine("usage: gain-proxy FILE    (docs/proxy.md lists the keys of the file)");
    return UsageError;
}

try
{
    await ProxyProcess.RunAsync(path);
    return 0;
}
catch (ConfigurationException refused)
{
    Messages.Write(refused.Message);
    return UsageError;
}
catch (GainException refused)
{
    Messages.Write(refused.Message);
    return refused.ErrorCode
        is GainError.OptionInvalid
        or GainError.AddressInvalid
        or GainError.AddressUnsupported
        or GainError.RingUnavailable
        ? UsageError
        : 1;
}
