package org.attune.server.access;

import org.attune.server.problem.RequestException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives a route that asks for {@link SignedIn} the sender of its request. */
public final class SignedInArgument implements HandlerMethodArgumentResolver {

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == SignedIn.class;
  }

  @Override
  public Object resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    Object sender = request.getAttribute(AccessFilter.SIGNED_IN, RequestAttributes.SCOPE_REQUEST);
    if (sender == null) {
      throw RequestException.unauthenticated();
    }
    return sender;
  }
}
