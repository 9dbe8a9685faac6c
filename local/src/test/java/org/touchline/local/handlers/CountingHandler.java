package org.touchline.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.List;

/** Counts names. It is what names the types of its event and answer, not the handlers below it. */
abstract class CountingHandler implements RequestHandler<CountingHandler.Names, CountingHandler.Count> {
    @Override
    public Count handleRequest(Names event, Context context) {
        var count = new Count();
        count.names = event.names.size();
        count.first = event.names.getFirst();
        return count;
    }

    /** Its event. */
    static final class Names {
        public List<String> names = List.of();
    }

    /** Its answer. */
    static final class Count {
        public int names;
        public String first = "";
    }
}
